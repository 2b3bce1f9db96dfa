/**
 * What a saga is: definitions, states and the one function that says which state follows. Plain Java: no Spring, no
 * SQL, no Kafka, no clock, no randomness, no order.
 */
@NullMarked
package io.baton.orchestrator.saga;

import org.jspecify.annotations.NullMarked;
