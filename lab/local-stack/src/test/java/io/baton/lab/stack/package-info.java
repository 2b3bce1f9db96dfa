/** Starts stacks of stand-in services on real servers, and ends them in every way. */
@NullMarked
package io.baton.lab.stack;

import org.jspecify.annotations.NullMarked;
