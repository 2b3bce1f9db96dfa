/** What docs/writing-a-saga.md adds to the program: a step with a participant of its own. */
@NullMarked
package io.baton.orchestrator.testkit.loyalty;

import org.jspecify.annotations.NullMarked;
