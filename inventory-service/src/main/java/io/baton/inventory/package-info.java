/** Knows every product, with how much of it is available, held for an order, or shipped. */
@NullMarked
package io.baton.inventory;

import org.jspecify.annotations.NullMarked;
