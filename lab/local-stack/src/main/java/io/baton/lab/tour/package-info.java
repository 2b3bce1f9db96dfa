/** Plays the README's tour: orders that succeed, orders that are refused, and a service that is away for a while. */
@NullMarked
package io.baton.lab.tour;

import org.jspecify.annotations.NullMarked;
