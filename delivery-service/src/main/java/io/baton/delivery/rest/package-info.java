/** What clients may read of deliveries over HTTP. */
@NullMarked
package io.baton.delivery.rest;

import org.jspecify.annotations.NullMarked;
