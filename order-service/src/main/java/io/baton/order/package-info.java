/** Takes orders at the catalogue's prices and knows what became of them. */
@NullMarked
package io.baton.order;

import org.jspecify.annotations.NullMarked;
