/** Plays the outside providers that payments depend on: a card gateway that can be told to misbehave. */
@NullMarked
package io.baton.lab.simulator;

import org.jspecify.annotations.NullMarked;
