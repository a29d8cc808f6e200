package roles;

import io.rolehost.api.Role;
import io.rolehost.api.RoleContext;
import io.rolehost.api.Task;
import io.rolehost.api.TaskContext;
import java.time.Duration;

/** Says something again and again, until it is asked to stop. */
public final class FirstRole implements Role {

  @Override
  public boolean onStart(RoleContext context) {
    String words = context.config().getString("first-role.words");
    Duration pause = context.config().getDuration("first-role.pause");
    context.tasks().start(Task.named("speak").body(task -> speak(task, words, pause)));
    return true; // ready from here on; false refuses the start
  }

  private void speak(TaskContext task, String words, Duration pause) throws InterruptedException {
    long count = 0;
    do {
      task.progress(++count);
      System.out.println(sentence(words, count));
    } while (!task.stopToken().await(pause));
  }

  static String sentence(String words, long count) {
    return words + ", for the " + count + ". time";
  }
}
