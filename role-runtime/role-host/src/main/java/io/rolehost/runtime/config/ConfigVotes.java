package io.rolehost.runtime.config;

import io.rolehost.api.ConfigChange;
import io.rolehost.api.ConfigChangingListener.Answer;
import java.util.List;

/** What becomes of a changed configuration: pure. */
public final class ConfigVotes {

  private ConfigVotes() {}

  /**
   * Returns whether the role's listeners are asked about a change: not if only the Freeze setting
   * changed, which takes effect at once.
   */
  public static boolean concernsListeners(ConfigChange change) {
    return change.keys().stream().anyMatch(key -> !ConfigDiff.isFreeze(key.path()));
  }

  /**
   * Counts the answers of the listeners. The strictest wins; a changed key of the host's itself,
   * other than the Freeze setting, needs at least a recycle.
   *
   * @param answers of all listeners, one that threw as {@link Answer#REJECT}; none = apply
   */
  public static Answer decide(ConfigChange change, List<Answer> answers) {
    if (answers.contains(Answer.REJECT)) {
      return Answer.REJECT;
    }
    boolean host =
        change.keys().stream()
            .anyMatch(key -> isHosts(key.path()) && !ConfigDiff.isFreeze(key.path()));
    return host || answers.contains(Answer.RECYCLE) ? Answer.RECYCLE : Answer.APPLY;
  }

  private static boolean isHosts(String path) {
    return path.equals(UnknownKeys.ROOT) || path.startsWith(UnknownKeys.ROOT + ".");
  }
}
