/** A service that keeps every rule. */
@NullMarked
package io.baton.gamma;

import org.jspecify.annotations.NullMarked;
