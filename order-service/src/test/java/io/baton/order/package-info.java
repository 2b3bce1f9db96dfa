/** What is promised of orders, by itself and on real servers. */
@NullMarked
package io.baton.order;

import org.jspecify.annotations.NullMarked;
