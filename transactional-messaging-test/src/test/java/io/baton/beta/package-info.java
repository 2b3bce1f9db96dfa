/** The neighbour that must be left alone. */
@NullMarked
package io.baton.beta;

import org.jspecify.annotations.NullMarked;
