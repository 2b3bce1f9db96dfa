/** What is promised of the running system, done to it: with real processes, killed for real. */
@NullMarked
package io.baton.lab.system;

import org.jspecify.annotations.NullMarked;
