/** A package that is to be plain Java. */
@NullMarked
package io.baton.gamma.saga;

import org.jspecify.annotations.NullMarked;
