/** What is asked of the payment service, with its answers. */
@NullMarked
package io.baton.contract.payment;

import org.jspecify.annotations.NullMarked;
