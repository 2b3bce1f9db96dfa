/** What clients may read of deliveries over HTTP, and how the warehouse sends one on its way. */
@NullMarked
package io.baton.delivery.rest;

import org.jspecify.annotations.NullMarked;
