/** Faults on demand, for a demonstration and nothing else. */
@NullMarked
package io.baton.orchestrator.demo;

import org.jspecify.annotations.NullMarked;
