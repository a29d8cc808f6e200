package io.rolehost.jobs.artemis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.util.Set;
import org.apache.activemq.artemis.core.security.CheckType;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.spi.core.security.ActiveMQSecurityManager;
import org.jspecify.annotations.Nullable;

/** Lets one user in, who may do everything. */
@SuppressWarnings("removal")
final class OneUser implements ActiveMQSecurityManager {

  private final String user;
  private final String password;
  private final String role;

  OneUser(String user, String password, String role) {
    this.user = user;
    this.password = password;
    this.role = role;
  }

  @Override
  public boolean validateUser(@Nullable String name, @Nullable String given) {
    return name != null && given != null && same(name, user) && same(given, password);
  }

  @Override
  public boolean validateUserAndRole(
      @Nullable String name, @Nullable String given, Set<Role> roles, CheckType check) {
    return validateUser(name, given)
        && roles.stream().anyMatch(r -> r.getName().equals(role) && check.hasRole(r));
  }

  private static boolean same(String given, String expected) {
    return MessageDigest.isEqual(given.getBytes(UTF_8), expected.getBytes(UTF_8));
  }
}
