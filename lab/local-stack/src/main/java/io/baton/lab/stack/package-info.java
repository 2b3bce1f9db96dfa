/** Starts the whole system on this machine with no container engine, and keeps it up until it is told to stop. */
@NullMarked
package io.baton.lab.stack;

import org.jspecify.annotations.NullMarked;
