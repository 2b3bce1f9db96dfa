/** What goes wrong with the running system, and how all of it ends well: with real processes, killed for real. */
@NullMarked
package io.baton.lab.failures;

import org.jspecify.annotations.NullMarked;
