/** What is asked of the inventory service, with its answers. */
@NullMarked
package io.baton.contract.inventory;

import org.jspecify.annotations.NullMarked;
