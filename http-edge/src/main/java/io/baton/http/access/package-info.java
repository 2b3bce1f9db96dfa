/** Who may do what over HTTP: customers, viewers, operators, and how each proves to be one. */
@NullMarked
package io.baton.http.access;

import org.jspecify.annotations.NullMarked;
