@NullMarked
package io.baton.http.access;

import org.jspecify.annotations.NullMarked;
