/** Takes money for an order, or refuses; gives it back. */
@NullMarked
package io.baton.payment;

import org.jspecify.annotations.NullMarked;
