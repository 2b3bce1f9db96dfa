/** Starts a real PostgreSQL and a real Kafka broker on this machine, each as processes of their own. */
@NullMarked
package io.baton.embedded;

import org.jspecify.annotations.NullMarked;
