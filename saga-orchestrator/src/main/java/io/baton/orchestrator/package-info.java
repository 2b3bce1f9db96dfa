/** The service that carries sagas from their request to their end. */
@NullMarked
package io.baton.orchestrator;

import org.jspecify.annotations.NullMarked;
