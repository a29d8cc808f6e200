/**
 * Makes a Spring Boot application a role, by being on its class path; see {@code
 * docs/spring-boot.md}.
 *
 * <p>Compiled against Spring Boot 3.5 and used as it is with 3.x and 4.x: of Spring only what is
 * the same in both is called.
 */
@NullMarked
package io.rolehost.spring;

import org.jspecify.annotations.NullMarked;
