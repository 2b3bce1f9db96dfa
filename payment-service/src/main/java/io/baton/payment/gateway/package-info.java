/** Calls the card gateway over HTTP, again and again until it has decided. */
@NullMarked
package io.baton.payment.gateway;

import org.jspecify.annotations.NullMarked;
