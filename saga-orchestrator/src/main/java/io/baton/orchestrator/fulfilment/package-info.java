/** The one saga we run: fulfil an order. */
@NullMarked
package io.baton.orchestrator.fulfilment;

import org.jspecify.annotations.NullMarked;
