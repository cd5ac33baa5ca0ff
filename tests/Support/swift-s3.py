#!/usr/bin/python3
"""Real OpenStack Swift (Debian 12: swift-proxy swift-account swift-container swift-object) with the S3
API (s3api + tempauth) on loopback, one replica, all state under DIR. One process, four WSGI servers.
usage: swift-s3.py DIR PORT [ACCESS_KEY SECRET_KEY]     (backends listen on PORT+1..PORT+3)
Prints READY on stdout when the S3 endpoint answers. Stop with SIGTERM."""
import os, sys, textwrap
D, PORT = os.path.abspath(sys.argv[1]), int(sys.argv[2])
AK, SK = (sys.argv[3:5] + ['test:tester', 'testing'])[:2] if len(sys.argv) > 4 else ('test:tester', 'testing')
os.makedirs(D + '/node/sda', exist_ok=True)
acct, user = AK.split(':')
A, C, O = PORT + 1, PORT + 2, PORT + 3
def w(n, s):
    with open(os.path.join(D, n), 'w') as f: f.write(textwrap.dedent(s))
w('swift.conf', '''\
    [swift-hash]
    swift_hash_path_prefix = edgegw-tests
    swift_hash_path_suffix = edgegw-tests
    [storage-policy:0]
    name = default
    default = yes
    ''')
COMMON = f'''\
[DEFAULT]
bind_ip = 127.0.0.1
swift_dir = {D}
devices = {D}/node
mount_check = false
user = {os.environ.get('USER') or 'root'}
workers = 0
log_level = WARNING
log_address = {D}/nolog
fallocate_reserve = 0
disable_fallocate = true
db_preallocation = off
eventlet_debug = false
'''
w('account.conf', COMMON + f'bind_port = {A}\n' + '''[pipeline:main]
pipeline = account-server
[app:account-server]
use = egg:swift#account
''')
w('container.conf', COMMON + f'bind_port = {C}\n' + '''[pipeline:main]
pipeline = container-server
[app:container-server]
use = egg:swift#container
allow_versions = true
''')
w('object.conf', COMMON + f'bind_port = {O}\n' + f'''[pipeline:main]
pipeline = object-server
[app:object-server]
use = egg:swift#object
container_update_timeout = 30
node_timeout = 60
conn_timeout = 5
''')
w('proxy.conf', COMMON + f'bind_port = {PORT}\nmax_header_size = 32768\n' + f'''[pipeline:main]
pipeline = catch_errors gatekeeper healthcheck listing_formats s3api tempauth copy slo dlo versioned_writes symlink proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
node_timeout = 60
recoverable_node_timeout = 60
conn_timeout = 5
error_suppression_limit = 1000000
allow_account_management = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:healthcheck]
use = egg:swift#healthcheck
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
dns_compliant_bucket_names = true
s3_acl = false
min_segment_size = 5242880
max_upload_part_num = 10000
check_bucket_owner = false
[filter:tempauth]
use = egg:swift#tempauth
user_{acct}_{user} = {SK} .admin .reseller_admin
[filter:copy]
use = egg:swift#copy
[filter:slo]
use = egg:swift#slo
max_manifest_segments = 10000
[filter:dlo]
use = egg:swift#dlo
[filter:versioned_writes]
use = egg:swift#versioned_writes
allow_versioned_writes = true
allow_object_versioning = true
[filter:symlink]
use = egg:swift#symlink
''')
from swift.common import utils
utils.eventlet_monkey_patch()
utils.set_swift_dir(D)
from swift.common import storage_policy
storage_policy.reload_storage_policies()
from swift.common.ring import RingBuilder
for name, port in (('account', A), ('container', C), ('object', O)):
    rb = RingBuilder(4, 1, 0)
    rb.add_dev({'id': 0, 'region': 1, 'zone': 1, 'ip': '127.0.0.1', 'port': port, 'device': 'sda', 'weight': 1.0,
                'replication_ip': '127.0.0.1', 'replication_port': port})
    rb.rebalance()
    rb.get_ring().save(f'{D}/{name}.ring.gz')
import eventlet, eventlet.wsgi, signal
from swift.common.wsgi import _initrp, loadapp, SwiftHttpProtocol, get_hub
from swift.common.utils import NullLogger
import time as _t
class Cache:                     # in-process stand-in for memcached (this proxy is one process)
    def __init__(self): self.d = {}
    def get(self, key, raise_on_error=False):
        v = self.d.get(key)
        if v is None: return None
        if v[1] and v[1] < _t.time(): self.d.pop(key, None); return None
        return v[0]
    def set(self, key, value, serialize=True, time=0, min_compress_len=0, raise_on_error=False):
        self.d[key] = (value, _t.time() + time if time else 0)
    def incr(self, key, delta=1, time=0):
        n = max(0, int(self.get(key) or 0) + delta); self.set(key, n, time=time); return n
    def decr(self, key, delta=1, time=0): return self.incr(key, -delta, time)
    def delete(self, key, server_key=None): self.d.pop(key, None)
    def set_multi(self, mapping, server_key, serialize=True, time=0, min_compress_len=0):
        for k, v in mapping.items(): self.set(k, v, time=time)
    def get_multi(self, keys, server_key): return [self.get(k) for k in keys]
CACHE = Cache()
pile = []
for conf, section, port in (('account', 'account-server', A), ('container', 'container-server', C),
                            ('object', 'object-server', O), ('proxy', 'proxy-server', PORT)):
    path = f'{D}/{conf}.conf'
    c, logger, log_name = _initrp(path, section)
    utils.FALLOCATE_RESERVE, utils.FALLOCATE_IS_PERCENT = 0, False
    app = loadapp(path, global_conf={'log_name': log_name})
    if conf == 'proxy':
        app = (lambda inner: lambda env, start: inner(env.__setitem__('swift.cache', CACHE) or env, start))(app)
    sock = eventlet.listen(('127.0.0.1', port), reuse_port=False, backlog=512)
    pile.append(eventlet.spawn(eventlet.wsgi.server, sock, app, NullLogger(), protocol=SwiftHttpProtocol,
                               custom_pool=eventlet.GreenPool(256), capitalize_response_headers=False, socket_timeout=60))
signal.signal(signal.SIGTERM, lambda *a: os._exit(0))
with open(D + '/pid', 'w') as f: f.write(str(os.getpid()))
print('READY', flush=True)
pile[-1].wait()
