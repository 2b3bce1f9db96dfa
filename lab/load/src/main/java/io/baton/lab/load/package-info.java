/** Drives orders against a running stack and says how many ended, how fast, and what that cost. */
@NullMarked
package io.baton.lab.load;

import org.jspecify.annotations.NullMarked;
