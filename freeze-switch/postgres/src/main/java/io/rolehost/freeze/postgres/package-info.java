/**
 * The freeze in a PostgreSQL table, for a fleet: one row a freeze, seen by every instance that
 * reads the table. The only code that knows JDBC.
 */
@NullMarked
package io.rolehost.freeze.postgres;

import org.jspecify.annotations.NullMarked;
