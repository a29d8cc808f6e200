/**
 * {@code RoleEnvironment} as Java programs of Azure Cloud Services know it, served by a Rolehost
 * node. Old programs run unchanged; {@code docs/azure-role-environment.md} says what differs.
 *
 * <p>Runs on Java 8, and so is not marked as the other packages are: that mark knows of modules,
 * which Java 8 does not. What may be null says so.
 */
package com.microsoft.windowsazure.serviceruntime;
