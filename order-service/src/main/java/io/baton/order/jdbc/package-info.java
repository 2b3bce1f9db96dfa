/** The statements that are written by hand because they take many rows at once. */
@NullMarked
package io.baton.order.jdbc;

import org.jspecify.annotations.NullMarked;
