/** The saga that undoes a completed order. */
@NullMarked
package io.baton.orchestrator.cancellation;

import org.jspecify.annotations.NullMarked;
