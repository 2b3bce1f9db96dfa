/** What customers and operators are promised of the running system, asked of it as they would. */
@NullMarked
package io.baton.lab.system;

import org.jspecify.annotations.NullMarked;
