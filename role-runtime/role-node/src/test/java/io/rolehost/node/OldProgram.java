package io.rolehost.node;

import com.microsoft.windowsazure.serviceruntime.LocalResource;
import com.microsoft.windowsazure.serviceruntime.Role;
import com.microsoft.windowsazure.serviceruntime.RoleEnvironment;
import com.microsoft.windowsazure.serviceruntime.RoleEnvironmentChange;
import com.microsoft.windowsazure.serviceruntime.RoleEnvironmentChangedEvent;
import com.microsoft.windowsazure.serviceruntime.RoleEnvironmentChangedListener;
import com.microsoft.windowsazure.serviceruntime.RoleEnvironmentChangingEvent;
import com.microsoft.windowsazure.serviceruntime.RoleEnvironmentChangingListener;
import com.microsoft.windowsazure.serviceruntime.RoleEnvironmentConfigurationSettingChange;
import com.microsoft.windowsazure.serviceruntime.RoleEnvironmentStoppingListener;
import com.microsoft.windowsazure.serviceruntime.RoleEnvironmentTopologyChange;
import com.microsoft.windowsazure.serviceruntime.RoleInstance;
import com.microsoft.windowsazure.serviceruntime.RoleInstanceEndpoint;
import com.microsoft.windowsazure.serviceruntime.RoleInstanceStatus;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Date;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A program for Azure's library, as it was written in 2015: it knows nothing of Rolehost. It does
 * what lines say that it is sent, and prints what happens to it.
 */
@SuppressWarnings({ // it was right in its time
  "JavaUtilDate",
  "JdkObsolete",
  "NullAway",
  "PatternMatchingInstanceof",
  "StatementSwitchToExpressionSwitch",
  "StringSplitter"
})
public final class OldProgram {
  private static volatile boolean cancels;
  private static volatile long stopMillis;

  private OldProgram() {}

  /**
   * Runs until it is killed.
   *
   * @param args none
   */
  public static void main(String[] args) throws Exception {
    System.out.println("available " + RoleEnvironment.isAvailable());
    RoleEnvironment.addRoleEnvironmentChangingListener(
        new RoleEnvironmentChangingListener() {
          @Override
          public void roleEnvironmentChanging(RoleEnvironmentChangingEvent event) {
            System.out.println("changing " + changes(event.getChanges()) + " from " + settings());
            if (cancels) {
              event.cancel();
            }
          }
        });
    RoleEnvironment.addRoleEnvironmentChangedListener(
        new RoleEnvironmentChangedListener() {
          @Override
          public void roleEnvironmentChanged(RoleEnvironmentChangedEvent event) {
            System.out.println("changed " + changes(event.getChanges()) + " to " + settings());
          }
        });
    RoleEnvironment.addRoleEnvironmentStoppingListener(
        new RoleEnvironmentStoppingListener() {
          @Override
          public void roleEnvironmentStopping() {
            System.out.println("stopping");
            try {
              Thread.sleep(stopMillis);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            System.out.println("stopped after " + stopMillis);
          }
        });
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      System.out.println("control " + server.getLocalPort());
      while (true) {
        try (Socket socket = server.accept()) {
          String line =
              new BufferedReader(new InputStreamReader(socket.getInputStream(), "UTF-8"))
                  .readLine();
          new PrintStream(socket.getOutputStream(), true, "UTF-8").println(answer(line));
        }
      }
    }
  }

  private static String answer(String line) {
    String[] words = line.split(" ");
    switch (words[0]) {
      case "me":
        RoleInstance me = RoleEnvironment.getCurrentRoleInstance();
        return me.getId()
            + " of "
            + me.getRole().getName()
            + " in "
            + RoleEnvironment.getDeploymentId()
            + (RoleEnvironment.isEmulated() ? " emulated" : "")
            + " domains "
            + me.getFaultDomain()
            + " "
            + me.getUpdateDomain();
      case "settings":
        return settings();
      case "setting":
        return String.valueOf(RoleEnvironment.getConfigurationSettings().get(words[1]));
      case "resource":
        LocalResource resource = RoleEnvironment.getLocalResources().get(words[1]);
        return resource == null
            ? "null"
            : resource.getMaximumSizeInMegabytes()
                + " "
                + new File(resource.getRootPath()).canWrite()
                + " "
                + resource.getRootPath();
      case "endpoint":
        RoleInstanceEndpoint endpoint =
            RoleEnvironment.getCurrentRoleInstance().getInstanceEndpoints().get(words[1]);
        return endpoint.getProtocol() + " " + endpoint.getIpEndPoint();
      case "roles":
        TreeMap<String, Object> roles = new TreeMap<String, Object>();
        for (Role role : RoleEnvironment.getRoles().values()) {
          roles.put(role.getName(), new TreeSet<String>(role.getInstances().keySet()));
        }
        return roles.toString();
      case "busy":
        RoleEnvironment.setStatus(
            RoleInstanceStatus.Busy,
            new Date(System.currentTimeMillis() + Long.parseLong(words[1])));
        return "ok";
      case "ready":
        RoleEnvironment.setStatus(
            RoleInstanceStatus.Ready, new Date(System.currentTimeMillis() + 3_600_000));
        return "ok";
      case "clear":
        RoleEnvironment.clearStatus();
        return "ok";
      case "recycle":
        RoleEnvironment.requestRecycle();
        RoleEnvironment.requestRecycle();
        return "ok";
      case "cancels":
        cancels = true;
        return "ok";
      case "stop-takes":
        stopMillis = Long.parseLong(words[1]);
        return "ok";
      default:
        return "what is " + line;
    }
  }

  private static String settings() {
    return new TreeMap<String, String>(RoleEnvironment.getConfigurationSettings()).toString();
  }

  private static String changes(Iterable<RoleEnvironmentChange> changes) {
    TreeSet<String> names = new TreeSet<String>();
    for (RoleEnvironmentChange change : changes) {
      names.add(
          change instanceof RoleEnvironmentTopologyChange
              ? "role " + ((RoleEnvironmentTopologyChange) change).getRoleName()
              : "setting "
                  + ((RoleEnvironmentConfigurationSettingChange) change)
                      .getConfigurationSettingName());
    }
    return names.toString();
  }
}
