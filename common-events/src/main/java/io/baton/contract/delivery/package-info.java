/** What is asked of the delivery service, with its answers. */
@NullMarked
package io.baton.contract.delivery;

import org.jspecify.annotations.NullMarked;
