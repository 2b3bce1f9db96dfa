/** What the saga asks of orders, what orders tell it, and the catalogue's news. */
@NullMarked
package io.baton.order.kafka;

import org.jspecify.annotations.NullMarked;
