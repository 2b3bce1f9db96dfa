/** Applies what the machine decides: lock the sagas, decide, save, say, in one transaction. */
@NullMarked
package io.baton.orchestrator.execution;

import org.jspecify.annotations.NullMarked;
