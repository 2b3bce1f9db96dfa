/** The page that operators look at: files for a browser, which shows what the other endpoints answer. */
@NullMarked
package io.baton.orchestrator.console;

import org.jspecify.annotations.NullMarked;
