/** Who may change what over HTTP: one operator by HTTP Basic, and the writes that a service opens to everybody. */
@NullMarked
package io.baton.http.operator;

import org.jspecify.annotations.NullMarked;
