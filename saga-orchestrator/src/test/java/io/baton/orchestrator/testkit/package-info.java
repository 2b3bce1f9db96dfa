/** What proves a saga definition: stories on the machine alone, and the matrix of faults on real servers. */
@NullMarked
package io.baton.orchestrator.testkit;

import org.jspecify.annotations.NullMarked;
