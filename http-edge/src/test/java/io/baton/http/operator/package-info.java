@NullMarked
package io.baton.http.operator;

import org.jspecify.annotations.NullMarked;
