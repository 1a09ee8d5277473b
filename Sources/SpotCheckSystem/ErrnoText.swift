import Glibc

/// The one place where error numbers become words.
struct ErrnoText {
  var name: String
  var meaning: String
  var meaningZh: String
  var advice: String
  var adviceZh: String

  private init(_ name: String, _ meaning: String, _ meaningZh: String, _ advice: String = "", _ adviceZh: String = "") {
    self.name = name
    self.meaning = meaning
    self.meaningZh = meaningZh
    self.advice = advice
    self.adviceZh = adviceZh
  }

  static func of(_ code: Int32) -> ErrnoText { table[code] ?? unlisted(code) }

  private static func unlisted(_ code: Int32) -> ErrnoText {
    ErrnoText("errno \(code)", SystemCalls.errorText(code), "系统错误 \(code)")
  }

  private static let table: [Int32: ErrnoText] = [
    SystemError.notRegularCode: ErrnoText(
      "not a regular file", "it is not a regular file", "不是普通文件",
      "Give a file, not a folder, pipe, socket or device.", "请提供普通文件，不能是目录、管道、套接字或设备。"),
    SystemError.unexpectedEndCode: ErrnoText(
      "unexpected end", "the file is shorter than it must be", "文件比应有长度短",
      "Somebody changed or cut the file while it was in use; restore it.", "文件在使用中被修改或截断，请恢复。"),
    SystemError.killedCode: ErrnoText("killed", "a test has killed the process here", "测试在此终止了进程"),
    SystemError.changedCode: ErrnoText(
      "changed", "it was written to while it was being copied", "复制过程中文件被改动",
      "Try again when the sender has finished.", "请待发送方写完后重试。"),
    ENOSPC: ErrnoText(
      "ENOSPC", "no space left on the device", "磁盘空间不足",
      "Free some space (df -h) and run again; nothing was changed.", "请清理磁盘空间（df -h）后重新运行；数据未被改动。"),
    EDQUOT: ErrnoText(
      "EDQUOT", "the disk quota is used up", "磁盘配额已用完",
      "Raise the quota or free some space, then run again.", "请提高配额或清理空间后重新运行。"),
    EACCES: ErrnoText(
      "EACCES", "permission denied", "没有权限",
      "Check owner and mode of the file and of every folder above it.", "请检查该文件及各级上层目录的属主和权限。"),
    EPERM: ErrnoText(
      "EPERM", "operation not permitted", "操作不被允许",
      "Run as the owner of the store, and look for immutable flags (lsattr).", "请以数据仓库属主身份运行，并检查不可变属性（lsattr）。"),
    ENOENT: ErrnoText(
      "ENOENT", "no such file or folder", "文件或目录不存在", "Check the path.", "请检查路径。"),
    ENOTDIR: ErrnoText(
      "ENOTDIR", "a part of the path is not a folder", "路径中有一部分不是目录", "Check the path.", "请检查路径。"),
    EISDIR: ErrnoText(
      "EISDIR", "it is a folder", "这是一个目录", "Give a file.", "请提供文件。"),
    EEXIST: ErrnoText("EEXIST", "it exists already", "已经存在"),
    ENOTEMPTY: ErrnoText("ENOTEMPTY", "the folder is not empty", "目录不为空"),
    EIO: ErrnoText(
      "EIO", "the device reported an input/output error", "设备报告读写错误",
      "The disk may be failing: look at the kernel log (dmesg) and at the backups.", "磁盘可能有故障：请查看内核日志（dmesg）并检查备份。"),
    EMFILE: ErrnoText(
      "EMFILE", "this process has too many open files", "本进程打开的文件过多",
      "Raise the limit (ulimit -n).", "请提高限制（ulimit -n）。"),
    ENFILE: ErrnoText(
      "ENFILE", "the system has too many open files", "系统打开的文件过多",
      "Close other programs or raise fs.file-max.", "请关闭其他程序或提高 fs.file-max。"),
    EROFS: ErrnoText(
      "EROFS", "the file system is read-only", "文件系统为只读",
      "Remount it for writing, or use a store elsewhere.", "请以可写方式重新挂载，或改用其他位置。"),
    ELOOP: ErrnoText(
      "ELOOP", "it is a symbolic link, or the links go in circles", "这是符号链接，或链接成环",
      "Deliver the file itself, not a link to it.", "请提交文件本身，不要提交链接。"),
    ENAMETOOLONG: ErrnoText("ENAMETOOLONG", "the name is too long", "名称过长", "Use a shorter name.", "请缩短名称。"),
    EXDEV: ErrnoText(
      "EXDEV", "the two paths are on different file systems", "两个路径不在同一文件系统",
      "Keep all folders of a store on one file system.", "数据仓库的各目录须在同一文件系统上。"),
    EFBIG: ErrnoText("EFBIG", "the file would be too big", "文件过大", "Raise the limit (ulimit -f).", "请提高限制（ulimit -f）。"),
    ENOMEM: ErrnoText(
      "ENOMEM", "out of memory", "内存不足", "Give the process more memory.", "请为本进程提供更多内存。"),
    EPIPE: ErrnoText("EPIPE", "the reader of the output has gone away", "输出的接收方已关闭"),
    EBUSY: ErrnoText("EBUSY", "it is in use", "正在使用中", "Try again later.", "请稍后重试。"),
    EAGAIN: ErrnoText("EAGAIN", "it is in use by another process", "正被其他进程使用", "Try again later.", "请稍后重试。"),
    EINVAL: ErrnoText("EINVAL", "the system does not accept these arguments", "系统不接受此参数"),
    ENODEV: ErrnoText("ENODEV", "the device does not support this", "设备不支持此操作"),
    ESTALE: ErrnoText(
      "ESTALE", "the network file system has lost the file", "网络文件系统丢失了该文件",
      "Check the file server; keep stores on a local disk.", "请检查文件服务器；数据仓库应放在本地磁盘。"),
    ETXTBSY: ErrnoText("ETXTBSY", "the program file is being executed", "该程序文件正在执行"),
  ]
}
