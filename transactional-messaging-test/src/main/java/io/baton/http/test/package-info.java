/** Asks a running service everything, as everybody. */
@NullMarked
package io.baton.http.test;

import org.jspecify.annotations.NullMarked;
