# Answers every request with the text beside this file, and ends when it is asked to.
use strict;
use warnings;
use IO::Socket::INET;

$SIG{TERM} = sub { exit 0 };
open(my $file, "<", "/srv/text") or die $!;
my $text = <$file>;
my $server = IO::Socket::INET->new(LocalPort => 8080, Listen => 64, ReuseAddr => 1) or die $!;
while (my $client = $server->accept) {
    while (my $line = <$client>) { last if $line =~ /^\r?\n$/ }
    print $client "HTTP/1.1 200 OK\r\nContent-Length: " . length($text) . "\r\nConnection: close\r\n\r\n$text";
    close $client;
}
