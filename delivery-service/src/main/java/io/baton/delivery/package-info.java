/** Schedules the delivery of orders to the countries that are served. */
@NullMarked
package io.baton.delivery;

import org.jspecify.annotations.NullMarked;
