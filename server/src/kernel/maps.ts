/**
 * Ways through the kernel that everybody has to know: where each begins, and the interfaces that it gets to. Beginnings and
 * ends alone, as every version since 2.6 has them under one name or another; what lies between is found in the tree.
 */

/** One thing by all the names that versions of the kernel give it, the newest first: functions, or slots as `struct.member`. */
type Names = readonly [string, ...string[]];

/** Where a way leads. */
export interface MapGoal {
  names: Names;
  /** what a reader calls it */
  what: string;
  /** slots or functions on the way, in their order */
  through?: readonly Names[];
  /** it begins here, not at the map's beginning */
  from?: Names;
  /** the convention that makes it a goal */
  because: string;
}

/** A map: a beginning and its goals; the first one's way is what the map is about. */
export interface MapPlan {
  id: string;
  title: string;
  /** what every architecture's entry calls, or the system call */
  start: Names;
  /** the architecture's entries are looked for above it */
  above: boolean;
  goals: readonly [MapGoal, ...MapGoal[]];
}

const FAULT: Names = ['vm_operations_struct.fault', 'vm_operations_struct.nopage'];
const READAHEAD: Names = ['address_space_operations.readahead', 'address_space_operations.readpages'];
const READ_FOLIO: Names = ['address_space_operations.read_folio', 'address_space_operations.readpage'];
const READ_ITER: Names = ['file_operations.read_iter', 'file_operations.aio_read'];
const WRITE_ITER: Names = ['file_operations.write_iter', 'file_operations.aio_write'];

/** The maps, in the order in which they are offered. */
export const MAPS: readonly MapPlan[] = [
  {
    id: 'fault',
    title: 'Page Fault Path',
    start: ['handle_mm_fault'],
    above: true,
    goals: [
      {
        names: READAHEAD,
        what: 'readahead of the file system',
        through: [FAULT],
        because: 'a file page that is not in the page cache is read with those behind it',
      },
      { names: FAULT, what: 'a page of a mapped file or device', because: 'the mapping decides what its pages hold' },
      {
        names: READ_FOLIO,
        what: 'a page by itself',
        through: [FAULT],
        because: 'what readahead has not brought is read alone',
      },
      {
        names: ['vm_operations_struct.page_mkwrite'],
        what: 'the first write to a shared page',
        because: 'a file system is asked before a shared page gets dirty',
      },
      {
        names: ['vm_operations_struct.huge_fault', 'vm_operations_struct.pmd_fault'],
        what: 'a huge page of a mapping',
        because: 'mappings that can are asked for a page of a whole table first',
      },
      {
        names: ['vm_operations_struct.map_pages'],
        what: 'pages around it that are in memory',
        because: 'neighbours in the page cache are mapped at the same time',
      },
      { names: ['hugetlb_fault'], what: 'hugetlb', because: 'memory of hugetlbfs has tables of its own' },
      {
        names: ['shmem_fault', 'shmem_nopage'],
        what: 'shared memory and tmpfs',
        through: [FAULT],
        because: 'mm/shmem.c backs tmpfs and anonymous shared memory',
      },
      {
        names: ['shm_fault', 'shm_nopage'],
        what: 'System V shared memory',
        through: [FAULT],
        because: 'ipc/shm.c hands the fault on to the file below',
      },
      {
        names: ['dax_iomap_fault', 'dax_fault'],
        what: 'DAX',
        through: [FAULT],
        because: 'fs/dax.c maps persistent memory without a page cache',
      },
    ],
  },
  {
    id: 'read',
    title: 'read()',
    start: ['sys_read'],
    above: false,
    goals: [
      {
        names: READAHEAD,
        what: 'readahead of the file system',
        through: [READ_ITER],
        because: 'what a page cache lacks is read with what follows it',
      },
      { names: READ_ITER, what: 'a file that reads into iterators', because: 'most file systems and sockets' },
      { names: ['file_operations.read'], what: 'a file that reads into a buffer', because: 'most drivers and proc' },
      {
        names: READ_FOLIO,
        what: 'a page by itself',
        through: [READ_ITER],
        because: 'what readahead has not brought is read alone',
      },
      {
        names: ['address_space_operations.direct_IO'],
        what: 'O_DIRECT',
        through: [READ_ITER],
        because: 'around the page cache',
      },
    ],
  },
  {
    id: 'write',
    title: 'write()',
    start: ['sys_write'],
    above: false,
    goals: [
      {
        names: ['address_space_operations.write_begin', 'address_space_operations.prepare_write'],
        what: 'a page that is about to be written',
        through: [WRITE_ITER],
        because: 'buffered writes prepare each page of the cache',
      },
      { names: WRITE_ITER, what: 'a file that writes from iterators', because: 'most file systems and sockets' },
      { names: ['file_operations.write'], what: 'a file that writes from a buffer', because: 'most drivers and proc' },
      {
        names: ['address_space_operations.direct_IO'],
        what: 'O_DIRECT',
        through: [WRITE_ITER],
        because: 'around the page cache',
      },
      { names: ['file_operations.fsync'], what: 'O_SYNC', because: 'a synchronous write waits for its pages' },
    ],
  },
  {
    id: 'mmap',
    title: 'mmap()',
    start: ['sys_mmap', 'sys_mmap_pgoff', 'sys_mmap2'],
    above: false,
    goals: [
      {
        names: ['file_operations.mmap', 'file_operations.mmap_prepare'],
        what: 'the file that is mapped',
        because: 'it installs the vm_operations_struct',
      },
      {
        names: ['file_operations.get_unmapped_area'],
        what: 'where it is mapped',
        because: 'devices may ask for addresses of their own',
      },
      { names: ['vm_operations_struct.open'], what: 'a mapping that is split', because: 'each part has to know' },
    ],
  },
  {
    id: 'open',
    title: 'open()',
    start: ['sys_openat', 'sys_open'],
    above: false,
    goals: [
      { names: ['file_operations.open'], what: 'the file itself', because: 'the last step of every open' },
      { names: ['inode_operations.lookup'], what: 'a name in a directory', because: 'what the dentry cache lacks' },
      { names: ['inode_operations.create'], what: 'O_CREAT', because: 'a file that is not there is made' },
      {
        names: ['inode_operations.atomic_open'],
        what: 'lookup, create and open at once',
        because: 'network file systems save themselves the way',
      },
      {
        names: ['inode_operations.permission'],
        what: 'may it be opened?',
        through: [['link_path_walk']],
        because: 'every directory on the way is asked',
      },
      {
        names: ['dentry_operations.d_revalidate'],
        what: 'a cached name',
        because: 'it may have changed on the server',
      },
    ],
  },
  {
    id: 'execve',
    title: 'execve()',
    start: ['sys_execve'],
    above: false,
    goals: [
      { names: ['linux_binfmt.load_binary'], what: 'the format of the program', because: 'each is tried in its turn' },
      {
        names: ['file_operations.mmap'],
        what: 'its segments are mapped',
        through: [['linux_binfmt.load_binary']],
        because: 'a loader maps what the file tells',
      },
      { names: ['file_operations.open'], what: 'its file is opened', because: 'for execution' },
    ],
  },
  {
    id: 'ioctl',
    title: 'ioctl()',
    start: ['sys_ioctl'],
    above: false,
    goals: [
      {
        names: ['file_operations.unlocked_ioctl', 'file_operations.ioctl'],
        what: "the file's own requests",
        because: 'what the file system layer does not know itself',
      },
      {
        names: ['proto_ops.ioctl'],
        what: 'a socket',
        through: [['file_operations.unlocked_ioctl', 'file_operations.ioctl']],
        because: 'sockets are files of net/socket.c',
      },
      {
        names: ['block_device_operations.ioctl'],
        what: 'a block device',
        through: [['file_operations.unlocked_ioctl', 'file_operations.ioctl']],
        because: 'block devices are files of their layer',
      },
    ],
  },
  {
    id: 'sendmsg',
    title: 'sendmsg()',
    start: ['sys_sendmsg'],
    above: false,
    goals: [
      {
        names: ['net_device_ops.ndo_start_xmit', 'net_device.hard_start_xmit'],
        what: 'the network card',
        through: [['proto_ops.sendmsg'], ['proto.sendmsg'], ['dst_entry.output']],
        because: 'where a packet leaves the kernel',
      },
      {
        names: ['proto.sendmsg'],
        what: 'the protocol',
        through: [['proto_ops.sendmsg']],
        because: 'TCP, UDP, raw sockets',
      },
      { names: ['proto_ops.sendmsg'], what: 'the address family', because: 'each family of sockets has its own' },
    ],
  },
  {
    id: 'recvmsg',
    title: 'recvmsg()',
    start: ['sys_recvmsg'],
    above: false,
    goals: [
      {
        names: ['proto.recvmsg'],
        what: 'the protocol',
        through: [['proto_ops.recvmsg']],
        because: 'TCP, UDP, raw sockets',
      },
      { names: ['proto_ops.recvmsg'], what: 'the address family', because: 'each family of sockets has its own' },
    ],
  },
  {
    id: 'interrupt',
    title: 'Interrupts',
    start: ['irq_desc.handle_irq', 'irq_desc_t.handle_irq', '__do_IRQ'],
    above: true,
    goals: [
      {
        names: ['irqaction.handler'],
        what: "the driver's handler",
        through: [['handle_irq_event', 'handle_IRQ_event']],
        because: 'what request_irq() was handed',
      },
      {
        names: ['irq_chip.irq_eoi', 'hw_interrupt_type.end'],
        what: 'the interrupt controller',
        because: 'it is told that the interrupt has been served',
      },
      {
        names: ['softirq_action.action'],
        what: 'softirqs',
        from: ['irq_exit', 'irq_exit_rcu'],
        because: 'what was put off runs as the interrupt ends',
      },
      {
        names: ['tasklet_struct.callback', 'tasklet_struct.func'],
        what: 'tasklets',
        from: ['softirq_action.action'],
        because: 'tasklets are a softirq',
      },
      {
        names: ['irqaction.thread_fn'],
        what: 'the threaded handler',
        from: ['irq_thread'],
        because: 'what request_threaded_irq() was handed',
      },
    ],
  },
  {
    id: 'timer',
    title: 'Timers',
    start: ['clock_event_device.event_handler'],
    above: true,
    goals: [
      {
        names: ['hrtimer.function'],
        what: 'high-resolution timers',
        because: 'they expire in the interrupt of the clock',
      },
      {
        names: ['timer_list.function'],
        what: 'timers of the wheel',
        from: ['softirq_action.action'],
        because: 'they expire in a softirq',
      },
      {
        names: ['sched_class.task_tick'],
        what: 'the scheduler',
        because: 'the tick tells it how long a task has run',
      },
    ],
  },
];

/** The map of that id; null where there is none. */
export const mapNamed = (id: string): MapPlan | null => MAPS.find((plan) => plan.id === id) ?? null;
