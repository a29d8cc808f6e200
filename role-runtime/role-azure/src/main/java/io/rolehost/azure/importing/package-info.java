/**
 * From a service definition and its configurations to a solution and a report of what became of
 * each element and attribute.
 *
 * <p>{@link io.rolehost.azure.importing.AzureImport} decides and is pure; {@link
 * io.rolehost.azure.importing.ImportFolder} writes.
 */
@NullMarked
package io.rolehost.azure.importing;

import org.jspecify.annotations.NullMarked;
