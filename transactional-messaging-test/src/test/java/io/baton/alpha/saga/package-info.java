/** A package that is to be plain Java but is not. */
@NullMarked
package io.baton.alpha.saga;

import org.jspecify.annotations.NullMarked;
