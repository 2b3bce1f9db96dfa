/** A service that breaks every rule, each in a class of its own. */
@NullMarked
package io.baton.alpha;

import org.jspecify.annotations.NullMarked;
